"""The match index for very many filters, in flat numpy arrays.

Built once from all filters, then asked about many papers at a time; single filters can be left out
later, new ones wait beside it in an index of their own (`bot.rules.index`). The one place of `bot`
where numpy is imported: docs/decisions/numpy-in-one-place.md.
"""

from bot.rules.index_bulk.bulk import Bulk

__all__ = ["Bulk"]
