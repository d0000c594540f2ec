"""What people filled into a form that could not be taken yet, so that it need not be typed again.

A kindness of this process only: elsewhere, or later, the form opens with what is stored.
"""

from collections import OrderedDict
from collections.abc import Mapping

MOST = 500

Draft = Mapping[str, str]
Whose = tuple[int, str]
"""A person's id and the form's command."""


class Drafts:
    """The last draft of each person and form, the newest 500."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Whose, Draft] = OrderedDict()

    def keep(self, whose: Whose, values: Draft) -> None:
        """Remember a draft in place of an older one."""
        self._kept.pop(whose, None)
        self._kept[whose] = values
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def take(self, whose: Whose) -> Draft | None:
        """The draft, if there is one."""
        return self._kept.get(whose)

    def drop(self, whose: Whose) -> None:
        """The form was taken."""
        self._kept.pop(whose, None)
