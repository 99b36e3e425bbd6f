"""People: accounts, workspaces, members, links, tokens and the audit trail."""
