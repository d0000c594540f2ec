"""Where papers come from: one adapter per source (see registry), and papers in files.

Empty on purpose: the process that takes feeds apart must not load an HTTP client.
"""
