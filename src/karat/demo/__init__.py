"""A demo workspace of two projects that are labeled in part: pictures we draw and messages we write."""
