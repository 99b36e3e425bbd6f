"""Responses as those who look after a project see them: everybody's, with every revision, and out of the count where need be."""
