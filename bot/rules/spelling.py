"""Word tables and rules of the fold: plurals, and British spellings as American ones.

Every result is a word people write, and folding it again changes nothing; so folded words can be
shown, stored and read back. Only number and spelling are folded, never a suffix that changes what
a word means: see docs/decisions/light-folding.md.
"""

import re
from collections.abc import Callable
from functools import partial


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _pairs(text: str) -> dict[str, str]:
    """`matrices>matrix …` as a table."""
    return dict(pair.split(">") for pair in text.split())


IRREGULAR = _pairs("""
    analyses>analysis reanalyses>reanalysis metaanalyses>metaanalysis hypotheses>hypothesis
    theses>thesis syntheses>synthesis diagnoses>diagnosis prognoses>prognosis crises>crisis
    parentheses>parenthesis prostheses>prosthesis emphases>emphasis ellipses>ellipse
    oases>oasis stenoses>stenosis metastases>metastasis neuroses>neurosis psychoses>psychosis
    axes>axis eigenbases>eigenbasis ephemerides>ephemeris
    matrices>matrix submatrices>submatrix vertices>vertex indices>index subindices>subindex
    indexes>index matrixes>matrix vertexes>vertex vortices>vortex cortices>cortex
    appendices>appendix apices>apex simplices>simplex codices>codex helices>helix
    corpora>corpus subcorpora>subcorpus genera>genus phenomena>phenomenon criteria>criterion
    automata>automaton polyhedra>polyhedron tetrahedra>tetrahedron
    spectra>spectrum powerspectra>powerspectrum quanta>quantum maxima>maximum minima>minimum minimas>minimum
    optima>optimum optimas>optimum extrema>extremum equilibria>equilibrium bacteria>bacterium bacterias>bacterium
    strata>stratum errata>erratum desiderata>desideratum memoranda>memorandum curricula>curriculum
    symposia>symposium continua>continuum momenta>momentum
    formulae>formula lemmata>lemma schemata>schema stigmata>stigma nebulae>nebula
    supernovae>supernova novae>nova kilonovae>kilonova antennae>antenna larvae>larva algae>alga
    vertebrae>vertebra foci>focus loci>locus nuclei>nucleus stimuli>stimulus radii>radius
    moduli>modulus fungi>fungus tori>torus annuli>annulus bacilli>bacillus alumni>alumnus
    thesauri>thesaurus syllabi>syllabus calculi>calculus hippocampi>hippocampus
    mice>mouse children>child women>woman men>man feet>foot teeth>tooth
    geese>goose
    halves>half knives>knife wolves>wolf shelves>shelf calves>calf wives>wife leaves>leaf
    lives>life thieves>thief loaves>loaf hooves>hoof
    goes>go undergoes>undergo does>do undoes>undo forgoes>forgo
    heroes>hero superheroes>superhero echoes>echo potatoes>potato tomatoes>tomato vetoes>veto
    zeroes>zero mosquitoes>mosquito volcanoes>volcano tornadoes>tornado mangoes>mango
    torpedoes>torpedo haloes>halo subhaloes>subhalo cargoes>cargo
    quizzes>quiz ansatzes>ansatz waltzes>waltz blitzes>blitz quartzes>quartz
    movies>movie cookies>cookie zombies>zombie calories>calorie genies>genie prairies>prairie
    selfies>selfie hoodies>hoodie brownies>brownie rookies>rookie smoothies>smoothie
    caches>cache aches>ache headaches>headache niches>niche avalanches>avalanche cliches>cliche
    tranches>tranche psyches>psyche moustaches>moustache apaches>apache pastiches>pastiche
    buses>bus gases>gas biases>bias lenses>lens microlenses>microlens atlases>atlas
    canvases>canvas aliases>alias pancreases>pancreas biogases>biogas
    viruses>virus coronaviruses>coronavirus retroviruses>retrovirus adenoviruses>adenovirus
    statuses>status focuses>focus corpuses>corpus campuses>campus censuses>census
    consensuses>consensus nexuses>nexus bonuses>bonus choruses>chorus thesauruses>thesaurus
    syllabuses>syllabus apparatuses>apparatus prospectuses>prospectus abacuses>abacus
    cactuses>cactus octopuses>octopus genuses>genus stimuluses>stimulus radiuses>radius
    toruses>torus nucleuses>nucleus uteruses>uterus fetuses>fetus sinuses>sinus minuses>minus
    pluses>plus hippocampuses>hippocampus
    gpus>gpu cpus>cpu tpus>tpu npus>npu dpus>dpu fpus>fpu ipus>ipu imus>imu grus>gru relus>relu
    icus>icu aus>au menus>menu plateaus>plateau bayous>bayou ecus>ecu rsus>rsu edus>edu
    apis>api uis>ui guis>gui rois>roi mris>mri fmris>fmri wsis>wsi bcis>bci hsis>hsi ppis>ppi
    kpis>kpi pois>poi dois>doi hois>hoi ddis>ddi ais>ai emojis>emoji qois>qoi
    taxis>taxi skis>ski safaris>safari alibis>alibi wikis>wiki
    lms>lm kgs>kg fms>fm nns>nn gws>gw bhs>bh avs>av evs>ev kbs>kb qds>qd bns>bn vms>vm tvs>tv
    pcs>pc gts>gt
""")
"""Plurals no rule gets right, and plurals of abbreviations that look like singulars."""

SINGULAR = _words("""
    bias debias unbias winobias gas biogas lens microlens atlas canvas alias chaos cosmos ethos
    pathos logos mythos kudos asbestos pancreas christmas texas kansas arkansas vegas pandas keras
    midas whereas perhaps always besides sometimes afterwards yes news series species
    means caries rabies scabies facies mcts cmos rkhs adas sars mems dbms umls rvos nlos ddos macos
    hdfs iras gaas pfas kras topos lanczos erdos chronos kronos thanos ouroboros kubernetes
    herpes diabetes mars mercedes hermes achilles socrates hercules wales james thomas charles
    jones hodges stokes bayes reuters siemens helios hipparcos thermos rhinoceros odds ragas
""")
"""Words that end in s and are no plural."""

SUBJECTS = _words("""
    physics astrophysics biophysics geophysics heliophysics multiphysics microphysics psychophysics
    metaphysics mathematics robotics telerobotics dynamics thermodynamics hydrodynamics
    aerodynamics magnetohydrodynamics electrodynamics chromodynamics elastodynamics hemodynamics
    metadynamics biodynamics neurodynamics statistics geostatistics biostatistics mechanics
    biomechanics micromechanics kinematics kinetics pharmacokinetics semantics linguistics
    psycholinguistics sociolinguistics neurolinguistics phonetics pragmatics ethics bioethics
    economics econometrics informatics bioinformatics cheminformatics electronics optoelectronics
    microelectronics nanoelectronics spintronics valleytronics optics photonics nanophotonics
    plasmonics electrostatics magnetostatics elastostatics statics acoustics genetics epigenetics
    genomics pharmacogenomics proteomics transcriptomics metabolomics radiomics omics multiomics
    forensics logistics aesthetics politics combinatorics analytics cybernetics mechatronics
    ergonomics numerics microfluidics fluidics aeronautics haptics cosmetics esports gymnastics
    thermoelectrics pediatrics geriatrics obstetrics therapeutics phenomics phononics avionics
    cryogenics graphics athletics hydraulics tribomechanics
""")
"""Names of subjects: physics is not a physic, robotics is not a robotic."""

SPELLINGS = _pairs("""
    grey>gray greyscale>grayscale mould>mold plough>plow programme>program
    catalogue>catalog catalogued>cataloged cataloguing>cataloging
    dialogue>dialog analogue>analog monologue>monolog
    defence>defense offence>offense licence>license pretence>pretense
    practise>practice practised>practiced practising>practicing
    aluminium>aluminum ageing>aging artefact>artifact judgement>judgment fulfil>fulfill
    enrol>enroll enrolment>enrollment instalment>installment distil>distill instil>instill
    skilful>skillful wilful>willful acknowledgement>acknowledgment jewellery>jewelry
    disc>disk draught>draft cypher>cipher tyre>tire kerb>curb sceptic>skeptic sceptical>skeptical
    scepticism>skepticism aeroplane>airplane manoeuvre>maneuver manoeuvrable>maneuverable
    manoeuvrability>maneuverability manoeuvred>maneuvered manoeuvring>maneuvering
    oedema>edema foetus>fetus foetal>fetal faeces>feces faecal>fecal diarrhoea>diarrhea
    caesium>cesium whilst>while amongst>among towards>toward afterwards>afterward
    backwards>backward forwards>forward upwards>upward downwards>downward learnt>learned
    sizeable>sizable useable>usable likeable>likable moveable>movable
    focussed>focused focussing>focusing biassed>biased benefitted>benefited
    benefitting>benefiting targetted>targeted targetting>targeting
    encyclopaedia>encyclopedia aether>ether storeys>story maths>math
    centring>centering recentring>recentering speciality>specialty archeology>archaeology
    archeological>archaeological
""")
"""British spellings (and a few doublets) that no rule below covers."""

_OUR = re.compile(
    r"((?:behavi|col|fav|neighb|hon|lab|rum|vap|tum|harb|hum|flav|arm|endeav|savi|sav|od|ferv|"
    r"rig|vig|glam|parl|splend|cand|clam|succ|ard|arb|demean|ranc|val|dol)o)ur"
)
_IZE = re.compile(r"(?<=[a-z]{3}i)s(?=(?:e|ed|er|ers|es|ing|ings|able|ation|ations|ational)$)")
_NOT_IZE = tuple(
    f"{stem}is"
    for stem in _words(
        "a o u v w prec conc exc inc exerc prem prom dem surm chem franch merchand parad desp "
        "compr surpr enterpr repr appr upr sunr expert treat advert chast den"
    )
)
_YZE = re.compile(r"(?<=[a-z]{2}ly)s(?=(?:e|ed|er|ers|es|ing|able)$)")
_TRE = re.compile(
    r"(cent|met|lit|theat|fib|calib|sab|spect|lust|scept|sepulch|saltpet|somb|meag)r(?=ed?$)"
)
_DOUBLE_L = re.compile(
    r"((?:lab|mod|trav|canc|chann|tunn|lev|fu|marsh|couns|pan|parc|funn|barr|jew|kenn|marv|shov|"
    r"sniv|squirr|tow|trow|unrav|rav|bev|bedev|chis|dishev|du|enam|grav|grov|hov|lib|nick|pumm|rev|"
    r"shriv|tramm|weas|swiv|satch)el|"
    r"(?:sign|tot|equ|riv|di|initi|ped|spir|met|dihedr)al|(?:penc|stenc)il)l"
    r"(?=(?:ed|er|ers|ing|ings|able)$)"
)
_GREEK_ROOTS = tuple(
    (re.compile(british), american)
    for british, american in (
        (r"sulph", "sulf"),
        (r"haem(?=[ao])", "hem"),
        (r"(?<=[a-z])aemi", "emi"),
        (r"oestr", "estr"),
        (r"oesoph", "esoph"),
        (r"paedi", "pedi"),
        (r"gynaec", "gynec"),
        (r"anaesth", "anesth"),
        (r"palaeo", "paleo"),
    )
)


def american(word: str) -> str:
    """`word` (lower-case ASCII) in American spelling, if we know it to be British."""
    known = SPELLINGS.get(word)
    if known is not None:
        return known
    if len(word) > 4:
        for hint, rule in _RULES:
            if hint in word:
                word = rule(word)
    return word


def _tre(word: str) -> str:
    """`centre` as `center`, `centred` as `centered`."""
    if not word.endswith(("re", "red")):
        return word
    turned = _TRE.sub(r"\1er", word)
    return turned.removesuffix("e") if turned != word and turned.endswith("e") else turned


def _ize(word: str) -> str:
    """`optimise` as `optimize`; `precise`, `noise` and `raise` stay."""
    found = _IZE.search(word)
    if found is None or word[: found.end()].endswith(_NOT_IZE):
        return word
    return word[: found.start()] + "z" + word[found.end() :]


def _roots(word: str) -> str:
    """`haemoglobin` as `hemoglobin`."""
    if "ae" not in word and "oe" not in word and "sulph" not in word:
        return word
    for british, spelled in _GREEK_ROOTS:
        word = british.sub(spelled, word)
    return word


_RULES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("our", partial(_OUR.sub, r"\1r")),
    ("is", _ize),
    ("lys", partial(_YZE.sub, "z")),
    ("re", _tre),
    ("ll", partial(_DOUBLE_L.sub, r"\1")),
    ("", _roots),
)
"""Rules, each with letters it needs: looking for those is many times faster than asking it."""


_KEPT = ("ss", "us", "is")
_HISSING = ("sses", "xes", "ches", "shes", "zzes")


def singular(word: str) -> str:
    """`word` (lower-case ASCII) without its plural ending; at most one is taken off."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if (
        len(word) <= 3
        or not word.endswith("s")
        or word.endswith(_KEPT)
        or word in SINGULAR
        or word in SUBJECTS
    ):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(_HISSING) and len(word) > 4:
        return word[:-2]
    return word[:-1]
