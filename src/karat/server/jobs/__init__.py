"""Long work: written down, run by the job library, seen and stopped by people.

A feature that has such work lists it in its `work` module: `JOBS: list[JobKind]`. To start one:

    job = await db.write(jobs.actions.create, scope, "export", arguments)     # in the same transaction as its reason
    app.jobs.submit(job.id, job.attempt)

and the function itself is `run(job: Running, arguments) -> result`; see `running.py` for what it may do.
"""
