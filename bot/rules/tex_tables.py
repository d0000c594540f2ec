"""What LaTeX commands stand for, as far as titles and names use them."""

ACCENTS = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323",
    "b": "\u0331", "k": "\u0328", "r": "\u030a", "t": "\u0361",
}  # fmt: skip
"""Text accents and the combining marks they put over or under a letter."""

LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø",
    "O": "Ø", "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "th": "þ", "TH": "Þ",
}  # fmt: skip

COMBINING = {
    "bar": "\u0304", "overline": "\u0304", "hat": "\u0302", "widehat": "\u0302",
    "tilde": "\u0303", "widetilde": "\u0303", "dot": "\u0307", "ddot": "\u0308",
    "vec": "\u20d7", "acute": "\u0301", "grave": "\u0300", "check": "\u030c", "breve": "\u0306",
}  # fmt: skip
"""Accents of formulas; they take one letter."""

_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "varpi": "ϖ", "rho": "ρ",
    "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "ϕ",
    "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip

_SIGNS = {
    "times": "×", "cdot": "·", "ast": "∗", "star": "⋆", "circ": "∘", "bullet": "•", "div": "÷",
    "pm": "±", "mp": "∓", "oplus": "⊕", "otimes": "⊗", "odot": "⊙", "wedge": "∧", "vee": "∨",
    "cap": "∩", "cup": "∪", "setminus": "∖", "backslash": "\\", "leq": "≤", "le": "≤",
    "geq": "≥", "ge": "≥", "leqslant": "≤", "geqslant": "≥", "ll": "≪", "gg": "≫", "neq": "≠",
    "ne": "≠", "approx": "≈", "sim": "∼", "simeq": "≃", "cong": "≅", "equiv": "≡",
    "propto": "∝", "lesssim": "≲", "gtrsim": "≳", "in": "∈", "notin": "∉", "ni": "∋",
    "subset": "⊂", "supset": "⊃", "subseteq": "⊆", "supseteq": "⊇", "emptyset": "∅",
    "forall": "∀", "exists": "∃", "neg": "¬", "infty": "∞", "partial": "∂", "nabla": "∇",
    "int": "∫", "sum": "∑", "prod": "∏", "prime": "′", "ell": "ℓ", "hbar": "ℏ", "Re": "ℜ",
    "Im": "ℑ", "aleph": "ℵ", "dagger": "†", "ddagger": "‡", "perp": "⊥", "parallel": "∥",
    "mid": "|", "vert": "|", "Vert": "‖", "langle": "⟨", "rangle": "⟩", "lfloor": "⌊",
    "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "to": "→", "rightarrow": "→", "longrightarrow": "→",
    "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐",
    "Leftrightarrow": "⇔", "iff": "⇔", "implies": "⇒", "mapsto": "↦", "hookrightarrow": "↪",
    "rightleftharpoons": "⇌", "uparrow": "↑", "downarrow": "↓", "square": "□", "triangle": "△",
    "diamond": "⋄", "dots": "…", "ldots": "…", "cdots": "⋯", "degree": "°", "deg": "deg",
    "sharp": "♯", "flat": "♭", "checkmark": "✓", "quad": " ", "qquad": " ",
    "textregistered": "®", "texttrademark": "™", "textendash": "–", "textemdash": "—",
    "textpertenthousand": "‱", "LaTeX": "LaTeX", "TeX": "TeX", "S": "§", "copyright": "©",
}  # fmt: skip

_NAMES = (
    "log", "ln", "exp", "sin", "cos", "tan", "max", "min", "sup", "inf", "lim", "arg", "det",
    "dim", "gcd", "ker", "mod", "Pr", "argmax", "argmin",
)  # fmt: skip

SYMBOLS = _GREEK | _SIGNS | {name: name for name in _NAMES}

WRAPPERS = frozenset(
    {
        "text", "textit", "textbf", "textrm", "texttt", "textsc", "textsf", "textsl", "textup",
        "textnormal", "emph", "mathrm", "mathit", "mathbf", "mathsf", "mathtt", "mathcal",
        "mathscr", "mathfrak", "mathnormal", "boldsymbol", "bm", "pmb", "mbox", "hbox",
        "operatorname", "underline", "ensuremath", "ce", "ch", "protect", "mathop", "mathord",
    }
)  # fmt: skip
"""Commands that change how their argument looks, not what it says."""

IGNORED: dict[str, str] = {
    **dict.fromkeys(
        ("rm", "bf", "it", "cal", "tt", "sf", "sc", "em", "sl", "left", "right", "big", "Big",
         "bigl", "bigr", "displaystyle", "textstyle", "scriptstyle", "scriptsize", "limits",
         "boldmath", "protect", "!", "/", "negthinspace"),
        "",
    ),
    **dict.fromkeys((",", ";", ":", " ", ">"), " "),
}  # fmt: skip

SUPERSCRIPT = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθ∘*′∗",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿ°*′*",
        strict=True,
    )
)
SUBSCRIPT = dict(
    zip(
        "0123456789+-=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
DOUBLE_STRUCK = {"C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"}
