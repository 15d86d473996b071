"""Sentences of the clock and of running the installation."""

MESSAGES: dict[str, tuple[str, str]] = {
    "backup_exists": (
        "Tệp sao lưu này đã có; hãy chọn tên khác, không tệp nào bị ghi đè.",
        "That file exists already; choose another name, nothing is overwritten.",
    ),
    "pg_dump_missing": (
        "Không tìm thấy chương trình pg_dump; hãy cài postgresql-client cùng phiên bản với máy chủ.",
        "pg_dump is not there; install postgresql-client of the server's version.",
    ),
    "pg_dump_failed": ("pg_dump kết thúc với mã {status}.", "pg_dump ended with status {status}."),
    "pg_dump_too_slow": (
        "pg_dump chưa xong sau {minutes} phút nên đã bị dừng.",
        "pg_dump had not ended after {minutes} minutes and was stopped.",
    ),
    "lease_lost": ("Việc {job} đã được tiến trình khác nhận.", "Another process has taken the job {job} over."),
    "job_cut_short": (
        "Lần nào máy cũng dừng giữa chừng; có thể hết bộ nhớ.",
        "The process ended in the midst of it each time; the machine may be out of memory.",
    ),
    "unknown_job": ("Không có việc định kỳ nào tên {job}.", "There is no job named {job}."),
}
