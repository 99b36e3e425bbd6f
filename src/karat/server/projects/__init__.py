"""Projects: their schema, their workflow policy, and their life from the first draft to the bin."""
