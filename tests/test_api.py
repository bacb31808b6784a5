"""Names that `import threepoint` gives."""

import inspect

import threepoint
from threepoint import api

SITE_ONLY = {"check_draft"}


def test_package_exports_every_api_function_except_site_only():
    functions = {
        name for name, function in inspect.getmembers(api, inspect.isfunction) if function.__module__ == api.__name__
    }
    assert set(threepoint.__all__) == {name for name in functions if not name.startswith("_")} - SITE_ONLY
    assert all(getattr(threepoint, name) is getattr(api, name) for name in threepoint.__all__)
