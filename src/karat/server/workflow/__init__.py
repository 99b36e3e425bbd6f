"""The workflow of a project as people edit it: checked as it is written, with what a change means; its versions."""
