"""The clock: a ticking scheduler over due-slot rows, and what is due."""

from planner.jobs import close_week, draft_next_week, learn, missed

# In the order in which slots of the same instant are done: a week is closed before anything looks at the next.
JOBS = (close_week.JOB, missed.JOB, learn.JOB, draft_next_week.JOB)
