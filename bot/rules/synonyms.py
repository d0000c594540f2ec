"""Other words for the same thing: a filter's tree with the forms its words also stand for.

Three kinds, all of them shown by `why` and switched off by `=word`:
- abbreviations, in both directions where the short form means little else, else only from the
  short form to the long one (VLA finds "vision-language-action", which does not find the Very
  Large Array);
- compounds, with or without hyphen: `fine-tuning` and `finetuning`;
- beginnings of words across spellings: `optimis*` also finds optimize.

Everything that matches works on the expanded tree: the reference evaluator, the match index, the
search index. Expanding happens where a tree starts to be used, and nowhere else.
"""

from collections.abc import Iterator
from functools import lru_cache

from bot.model.topic import And, Node, Not, Or, Text, Tokens
from bot.rules.fold import fold, stem

_SAME = """
    rlhf = reinforcement learning from human feedback
    rlaif = reinforcement learning from ai feedback
    rlvr = reinforcement learning with verifiable rewards
    rl = reinforcement learning
    drl = deep reinforcement learning
    marl = multi agent reinforcement learning
    ppo = proximal policy optimization
    dpo = direct preference optimization
    grpo = group relative policy optimization
    llm = large language model
    mllm = multimodal large language model
    vlm = vision language model
    nlp = natural language processing
    rag = retrieval augmented generation
    moe = mixture of experts
    cot = chain of thought
    icl = in context learning
    sft = supervised fine tuning
    peft = parameter efficient fine tuning
    vit = vision transformer
    gnn = graph neural network
    cnn = convolutional neural network
    rnn = recurrent neural network
    snn = spiking neural network
    pinn = physics informed neural network
    lstm = long short term memory
    gan = generative adversarial network
    vae = variational autoencoder
    nerf = neural radiance field
    3dgs = 3d gaussian splatting
    slam = simultaneous localization and mapping
    bev = bird's eye view
    mcts = monte carlo tree search
    mdp = markov decision process
    pomdp = partially observable markov decision process
    ood = out of distribution
    xai = explainable artificial intelligence
    xai = explainable ai
    ai = artificial intelligence
    automl = automated machine learning
    hci = human computer interaction
    asr = automatic speech recognition
    tts = text to speech
    nmt = neural machine translation
    ner = named entity recognition
    vqa = visual question answering
    ocr = optical character recognition
    uav = unmanned aerial vehicle
    imu = inertial measurement unit
    ehr = electronic health record
    mri = magnetic resonance imaging
    pde = partial differential equation
    agn = active galactic nucleus
    frb = fast radio burst
    grb = gamma ray burst
    cmb = cosmic microwave background
    qcd = quantum chromodynamics
    bec = bose einstein condensate
"""
_ONE_WAY = """
    vla = vision language action
    lora = low rank adaptation
    ml = machine learning
    qa = question answering
    kg = knowledge graph
    mot = multi object tracking
    mot = multiple object tracking
    lmm = large multimodal model
    slm = small language model
    ssm = state space model
    sae = sparse autoencoder
    sam = segment anything
    nas = neural architecture search
    irl = inverse reinforcement learning
    agi = artificial general intelligence
    ode = ordinary differential equation
    sde = stochastic differential equation
    tta = test time adaptation
"""
_COMPOUNDS = """
    auto encoder, auto regressive, chat bot, co design, cross domain, cross lingual, cross modal,
    cyber attack, data set, deep fake, few shot, fine grained, fine tune, fine tuned, fine tuning,
    hand written, health care, hyper parameter, long tail, long tailed, long term, low rank,
    low resource, meta learning, micro service, multi agent, multi class, multi domain, multi hop,
    multi label, multi lingual, multi media, multi modal, multi modality, multi object, multi scale,
    multi spectral, multi step, multi task, multi turn, multi view, non convex, non gaussian,
    non linear, non linearity, non negative, non parametric, non stationary, one shot, open source,
    open vocabulary, open world, point cloud, post processing, post training, pre process,
    pre processing, pre train, pre trained, pre training, real time, self attention,
    self supervised, semi supervised, spatio temporal, sub graph, super resolution, time series,
    wave function, zero shot
"""
LONGEST_COMPOUND = 3  # words; more of them are hardly ever written as one
_ENDINGS = ("", "e", "ed", "er", "es", "ing", "able", "ation", "r", "ral", "s")


def _pairs(table: str) -> Iterator[tuple[Tokens, Tokens]]:
    for line in table.strip().splitlines():
        short, _, long = line.partition("=")
        yield tuple(fold(short)), tuple(fold(long))


def _table() -> dict[Tokens, tuple[Tokens, ...]]:
    table: dict[Tokens, tuple[Tokens, ...]] = {}
    for short, long in (*_pairs(_SAME), *_pairs(_ONE_WAY)):
        table[short] = (*table.get(short, ()), long)
    for short, long in _pairs(_SAME):
        table[long] = (*table.get(long, ()), short)
    for compound in _COMPOUNDS.split(","):
        parts = tuple(fold(compound))
        joined = (stem("".join(parts)),)
        table[joined] = (*table.get(joined, ()), parts)
    return table


SYNONYMS = _table()
"""Folded words → the folded words they also stand for."""


def expand(root: Node) -> Node:
    """`root` with every word or phrase that has other forms as an Or of all of them.

    That Or stays apart even inside another Or: the match index knows it as one thing.
    """
    match root:
        case Text():
            forms = (root, *other_forms(root))
            return root if len(forms) == 1 else Or(forms)
        case Not(part):
            return Not(expand(part))
        case And(parts):
            return And(tuple(map(expand, parts)))
        case Or(parts):
            return Or(tuple(map(expand, parts)))
        case _:
            return root


@lru_cache(maxsize=1 << 13)
def other_forms(term: Text) -> tuple[Text, ...]:
    """The other forms `term` stands for; none for `=word` and `"a b"~3`."""
    if term.exact or term.near:
        return ()
    if term.prefix:
        found = dict.fromkeys(_spellings(term.tokens[0]) if len(term.tokens) == 1 else ())
        return tuple(Text(tokens, term.scope, shown=" ".join(tokens)) for tokens in found)
    return tuple(
        Text(tokens, term.scope, shown=" ".join(tokens)) for tokens in other_words(term.tokens)
    )


def other_words(tokens: Tokens) -> tuple[Tokens, ...]:
    """The same of a plain word or phrase, as folded words."""
    found = SYNONYMS.get(tokens, ())
    if 1 < len(tokens) <= LONGEST_COMPOUND:
        joined = "".join(tokens)
        if joined.isascii() and (compound := (stem(joined),)) not in found:
            return (*found, compound)
    return found


def _spellings(beginning: str) -> Iterator[Tokens]:
    """Folded words whose unfolded form starts with `beginning`: study for studi*."""
    for ending in _ENDINGS:
        word = stem(beginning + ending)
        if not word.startswith(beginning):
            yield (word,)
