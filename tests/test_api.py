"""What `import threepoint` gives."""

import inspect

import threepoint
from threepoint import api

FOR_THE_SITE = {"check_draft"}


def test_every_function_of_the_api_but_the_sites_is_given():
    functions = {
        name for name, found in inspect.getmembers(api, inspect.isfunction) if found.__module__ == api.__name__
    }
    assert set(threepoint.__all__) == {name for name in functions if not name.startswith("_")} - FOR_THE_SITE
    assert all(getattr(threepoint, name) is getattr(api, name) for name in threepoint.__all__)
