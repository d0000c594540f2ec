"""What people ask for: text → Command → Message, the same on every surface.

An adapter needs two things of this package:

    from bot.commands.desk import Desk

    message = await desk.say(asker, "subscribe alignment -survey every:daily at:09:00")
    message = await desk.answer(asker, Search(query="alignment"))

`say` is for surfaces where people type a whole line (Slack, terminal); `answer` for those that
have typed options (Discord, buttons). Both return a `bot.model.message.Message` to be rendered and
shown to the asker alone; a mistake of the person's comes back as a Notice with Tone.ERROR and has
changed nothing. Neither raises for anything a person can type.
"""
