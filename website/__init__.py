"""The site: people, pages, permissions. What needs neither a signed-in person nor a page stands in `threepoint/`.

    settings   from the environment, safe where it says nothing
    urls       every address
    common     what all apps share: the audit log, logs with request ids, health, the one door to the current snapshot
    accounts   people

`python -m website` serves it; `python -m website manage COMMAND` runs Django's own commands.
"""
