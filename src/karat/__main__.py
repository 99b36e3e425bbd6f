"""`python -m karat`: the same as `karat`, where scripts are not in the path."""

from karat.cli.main import main

if __name__ == "__main__":
    main()
