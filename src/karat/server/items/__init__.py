"""Items: finding them among many, looking at one, changing one or a thousand."""
