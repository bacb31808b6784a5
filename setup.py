"""Compile the SQL of a build into the wheel, so that installations don't have to. Everything else is in pyproject.toml."""

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithPlan(build_py):
    """Compiles the plan before collecting the package's files. For an editable installation, `make setup` does it."""

    def run(self) -> None:
        if not self.editable_mode:
            sys.path.insert(0, str(Path(__file__).parent))
            from threepoint import build_plan

            build_plan.read_steps()
        super().run()


setup(cmdclass={"build_py": BuildWithPlan})
