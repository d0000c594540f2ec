"""Slack: messages go out by the Web API, people come in by Socket Mode or HTTP.

vocabulary  the command, the shortcut and the events we listen to; scopes: what for; manifest: of both
limits      every limit of the platform we keep, with its source
blocks      the few Block Kit pieces we use
wording     plain text → text that cannot become markup, a mention or a foreign link
render      message → pages of blocks; forms: form → modal and back; home_view: App Home. All pure
client      the stock Web API client with its own retries switched off
workspaces  which token speaks where, and keeping it fresh; installing: OAuth; leaving: the end of it
post        the Messenger of one workspace; messenger: of all
outcomes    what each error of chat.postMessage means for a delivery, as data
refusals    reading what the SDK raises
checkup     whose token this is and what it may do
guard       the door for HTTP: size, age, signature
listen      transports, and which handler takes which request
places      who speaks and where, out of each kind of request; incoming: what they typed
hearing     commands, clicks, mentions, direct messages → the desk → replies
modals, home, links, reactions, channels   the other things people and Slack do
replies     showing an answer: privately, to the channel, as a form; answers: by response URL
knowing     what Slack says of people and channels; chores: work after the acknowledgement
"""
