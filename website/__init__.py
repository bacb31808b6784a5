"""The site: pages, the API and the people who sign in. Code that needs none of these is in `threepoint/`.

    settings      settings from the environment, with safe defaults
    urls          all URLs
    common        code that all apps share: audit log, request ids in logs, health checks, access to the current snapshot
    accounts      people
    catalogue     search, and the pages of records
    data_quality  sources, coverage, checks of drafts, and how figures are calculated
    api           the API and the downloads

`python -m website` serves it; `python -m website manage COMMAND` runs Django's own commands.
"""
