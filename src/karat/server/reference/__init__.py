"""The reference of the API, made from its routes: the table of rights, the OpenAPI document, and that document as a page."""
