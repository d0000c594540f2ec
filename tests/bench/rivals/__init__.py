"""Other ways to match papers against standing filters, over the same folded words.

Each takes filters as trees by id and answers, for a list of documents, with a list of filter ids
for each. `whole` says that it is exact; the others are counted apart.
"""
