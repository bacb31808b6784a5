"""Run the command `threepoint` as `python -m threepoint`."""

from threepoint.cli import main

if __name__ == "__main__":
    main()
