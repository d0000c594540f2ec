"""What people ask for: text → Command → Message, the same on every surface.

An adapter needs one thing of this package:

    from bot.commands.desk import Desk

    answer = await desk.ask(asker, "subscribe alignment -survey every:daily at:09:00")
    answer = await desk.submit(asker, "subscribe", {"filter": "alignment", "at": "09:00"})

`ask` takes a line, whether somebody typed it or pressed a button that stands for it; `submit` a
filled form, `look` one that is being filled. All return a `bot.model.answer.Answer` to be rendered;
a mistake of the person's comes back in it and has changed nothing. None raises for what a person
can do.
"""
