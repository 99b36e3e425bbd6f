"""From what people did to what they are paid: pure, in whole numbers, the same in whatever order things are counted."""
