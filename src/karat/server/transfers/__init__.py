"""Data in and out: uploads, imports, exports, previews of both."""
