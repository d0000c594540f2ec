"""Slack: messages go out by the Web API, commands come in by Socket Mode or HTTP.

limits     every limit of the platform we keep, with its source
blocks     the few Block Kit pieces we use
wording    plain text → text that cannot become markup, a mention or a foreign link
render     message → pages of blocks, pure
client     the stock Web API client with its own retries switched off
outcomes   what each error of chat.postMessage means for a delivery, as data
refusals   reading what the SDK raises
checkup    whose token this is and what it may do
post       the Messenger: post one page, find it again
incoming   what Slack made of the text a person typed → that text
answers    private answers through response URLs
guard      the door for HTTP: size, age, signature
listen     commands and buttons → the command desk → a private answer
"""
