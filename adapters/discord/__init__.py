"""Discord: three directions.

render  Message → pages of plain dicts in Discord's message shape (pure)
post    pages → channel, once each, with an outcome for every way it can end
listen  slash commands, buttons and menus → Command → private answer
"""
