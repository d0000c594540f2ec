r"""LaTeX as titles and abstracts write it, turned into words.

`$\alpha$` becomes alpha, `\textit{x}` x, `\'e` e, `H$_2$O` H2O. What is not known stays as text.
Every pattern runs in linear time.
"""

import re

_ACCENT = re.compile(r"""\\['"`^~=.]\s*(?:\{\s*\\?([A-Za-z]*)\s*\}|\\?([A-Za-z]))""")
_LETTER_ACCENT = re.compile(r"\\[uvHckrdbt](?:\{\s*\\?([A-Za-z]*)\s*\}|[ ]([A-Za-z]))")
_LETTER = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j|dh|th|TH)(?![A-Za-z])[ ]?(?:\{\})?")
_LETTERS = {"aa": "a", "AA": "A", "dh": "d"}
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?")
_MATHS = re.compile(r"\$+([^$]*)\$+")
_JOINED_IN_MATHS = re.compile(r"[_^{}$]")

_SILENT_NAMES = """
    textit textbf texttt textsc textrm textsf textsl textmd textnormal text emph it bf tt rm sf sc
    sl em cal frak mathcal mathbf mathrm mathbb mathit mathsf mathfrak mathscr mathtt boldsymbol bm
    pmb operatorname mbox hbox ensuremath xspace underline overline widehat widetilde widebar hat
    bar tilde vec dot ddot check breve acute grave left right big Big bigg Bigg displaystyle
    textstyle scriptstyle normalsize small footnotesize tiny large Large quad qquad limits nolimits
    cite citep citet citealp ref eqref label url href footnote textsuperscript textsubscript
    textquotesingle textquotedblleft textquotedblright protect nobreak hspace vspace prime
    mathrel mathop mathbin rightarrow leftarrow to times cdot cdots ldots dots sim simeq approx
    leq geq le ge ll gg neq pm mp circ ast star in subset subseteq cup cap setminus
    frac dfrac tfrac sqrt begin end item par
"""
_SILENT = frozenset(_SILENT_NAMES.split())
"""Commands that say how something looks, or stand for a sign that is no word."""

_VARIANT = re.compile(r"^var(?=(?:epsilon|theta|kappa|pi|rho|sigma|phi|Gamma|Delta)$)")


def plain(text: str) -> str:
    """`text` without its LaTeX."""
    if "\\" in text:
        text = _ACCENT.sub(_first_group, text)
        text = _LETTER.sub(_letter, text)
        text = _LETTER_ACCENT.sub(_first_group, text)
        text = _COMMAND.sub(_command, text)
    if "$" in text:
        text = _MATHS.sub(_joined_maths, text)
    return text.replace("{", "").replace("}", "")


def _first_group(found: re.Match[str]) -> str:
    return found[1] or found[2] or ""


def _letter(found: re.Match[str]) -> str:
    return _LETTERS.get(found[1], found[1])


def _command(found: re.Match[str]) -> str:
    """A known command's word, set apart; formatting vanishes."""
    name = found[1]
    if name in _SILENT:
        return "" if found.string[found.end() : found.end() + 1] == "{" else " "
    return f" {_VARIANT.sub('', name)} "


def _joined_maths(found: re.Match[str]) -> str:
    """`$H_2$` as `H2`, so that it is one word with what stands beside it."""
    return _JOINED_IN_MATHS.sub("", found[1])
