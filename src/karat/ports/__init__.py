"""The seams: what Karat asks of a blob store and of a job library. Each is a Protocol with one contract suite."""
