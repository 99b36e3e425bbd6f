"""The values that the parts of Karat hand to one another, in memory and on the wire alike."""
