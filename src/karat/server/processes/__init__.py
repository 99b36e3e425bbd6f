"""Processes beside the server, with limits: they read and write the files of people, so that none of these can stop the server."""
