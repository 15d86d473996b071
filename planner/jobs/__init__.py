"""The clock: a ticking scheduler over due-slot rows, and what is due."""

from planner.jobs import (
    back_up,
    close_availability,
    close_week,
    count,
    digest,
    draft_next_week,
    draft_ready,
    expire_photos,
    follow_up,
    forecast,
    learn,
    missed,
    remind_appointments,
    remind_availability,
    remind_soon,
    remind_tomorrow,
    replan_missed,
    report_deadlines,
    retention,
    tidy_phones,
)

# In the order in which slots of the same instant are done: a week is closed before anything looks at the next, who goes out is
# reminded before anything is computed.
JOBS = (
    close_week.JOB,
    count.JOB,
    forecast.JOB,
    missed.JOB,
    remind_soon.JOB,
    remind_tomorrow.JOB,
    remind_appointments.JOB,
    remind_availability.JOB,
    close_availability.JOB,
    report_deadlines.JOB,
    digest.JOB,
    follow_up.JOB,
    learn.JOB,
    draft_next_week.JOB,
    draft_ready.JOB,
    replan_missed.JOB,
    tidy_phones.JOB,
    expire_photos.JOB,
    back_up.JOB,
    retention.JOB,
)
