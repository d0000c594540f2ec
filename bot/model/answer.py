"""What a command comes to: words for the person who asked, for everybody, or a form."""

from dataclasses import dataclass

from bot.model.form import Form
from bot.model.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Any of the three may be missing; with none of them there is nothing to say.

    private: for the person who asked alone. public: for the whole channel, once; the platform
    adds who did it (`by`, the platform's own member id) where that is not empty, without a ping.
    form: a form to be filled in; `private` then says the same in words, for where no form can be
    shown.
    """

    private: Message | None = None
    public: Message | None = None
    by: str = ""
    form: Form | None = None
