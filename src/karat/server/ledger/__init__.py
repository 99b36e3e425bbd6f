"""Pay: what work is paid by, what each period comes to for each person, what is said against it, and how far the money goes."""
