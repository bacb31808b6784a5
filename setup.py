"""Compile the SQL of a build into the wheel, so that an installation need not. All else is in pyproject.toml."""

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithPlan(build_py):
    """Compile the plan before the package's files are collected; an editable installation does it in `make setup`."""

    def run(self) -> None:
        if not self.editable_mode:
            sys.path.insert(0, str(Path(__file__).parent))
            from threepoint import build_plan

            build_plan.read_steps()
        super().run()


setup(cmdclass={"build_py": BuildWithPlan})
