"""arXiv's categories, so that a mistyped one is noticed and the rest is written as arXiv does.

Source: arxiv.org/category_taxonomy. Codes of other sources are allowed; only a class that its
arXiv archive does not have is an error.
"""

from difflib import get_close_matches

_CLASSES = {
    "cs": "AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE "
    "NI OH OS PF PL RO SC SD SE SI SY",
    "econ": "EM GN TH",
    "eess": "AS IV SP SY",
    "math": "AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA RA "
    "RT SG SP ST",
    "astro-ph": "CO EP GA HE IM SR",
    "cond-mat": "dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con",
    "nlin": "AO CD CG PS SI",
    "physics": "acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph "
    "flu-dyn gen-ph geo-ph hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph",
    "q-bio": "BM CB GN MN NC OT PE QM SC TO",
    "q-fin": "CP EC GN MF PM PR RM ST TR",
    "stat": "AP CO ME ML OT TH",
}
_SINGLE = "gr-qc hep-ex hep-lat hep-ph hep-th math-ph nucl-ex nucl-th quant-ph"
_CLOSED = (
    "acc-phys adap-org alg-geom ao-sci atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas dg-ga "
    "funct-an mtrl-th patt-sol plasm-ph q-alg solv-int supr-con"
)

ARCHIVES = frozenset(_CLASSES)
"""Archives with classes of their own, in lower case."""

WRITTEN = {
    code.lower(): code
    for code in (
        *_CLASSES,
        *_SINGLE.split(),
        *_CLOSED.split(),
        *(f"{archive}.{name}" for archive, names in _CLASSES.items() for name in names.split()),
    )
}
"""Every code in lower case → as arXiv writes it."""


_MEANT = {"cs.nlp": "cs.CL", "cs.ml": "cs.LG", "stat.lg": "stat.ML"}


def is_known(code: str) -> bool:
    """Whether arXiv has or had this category or archive; `code` in lower case."""
    return code in WRITTEN


def nearest(code: str) -> str:
    """The known code most like this one, as arXiv writes it; empty if none is."""
    if code in _MEANT:
        return _MEANT[code]
    close = get_close_matches(code, WRITTEN, n=1, cutoff=0.6)
    return WRITTEN[close[0]] if close else ""
