"""One module per command of ./dev: `add_arguments(parser)` and `main(args)`."""
