"""What the private server is told: ``postgresql.conf``, ``pg_hba.conf``, new at every start."""

from __future__ import annotations

import os
from pathlib import Path

HBA = """\
# Written at every start. Passwords for everybody, loopback and the private socket only.
local all all scram-sha-256
host  all all 127.0.0.1/32 scram-sha-256
"""

_MEBIBYTE = 1024 * 1024


def postgresql_conf(*, port: int, socket_folder: Path, log_folder: Path, durable: bool) -> str:
    """The configuration file.

    ``durable=False`` is for data that may be lost with the machine (tests): it never waits for the
    disk. Statements are kept out of the log, because they carry people's data.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // _MEBIBYTE
    chosen: dict[str, str | int] = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        "max_connections": 100,
        "password_encryption": "scram-sha-256",
        "shared_buffers": f"{min(1024, max(128, memory // 8))}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{min(256, max(64, memory // 32))}MB",
        "max_wal_size": "2GB",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "Asia/Ho_Chi_Minh",
        "datestyle": "iso, ymd",
        "default_text_search_config": "pg_catalog.simple",
        "client_connection_check_interval": "10s",
        "idle_in_transaction_session_timeout": "10min",
        "logging_collector": "on",
        "log_directory": str(log_folder),
        "log_filename": "postgresql-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": 0,
        "log_timezone": "Asia/Ho_Chi_Minh",
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_statement": "none",
        "log_line_prefix": "%m [%p] %u@%d ",
        "fsync": "on" if durable else "off",
        "synchronous_commit": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
    }
    lines = ["# Written at every start; put changes into custom.conf beside this file."]
    lines += [f"{name} = {_quoted(value)}" for name, value in chosen.items()]
    lines.append("include_if_exists = 'custom.conf'")
    return "\n".join(lines) + "\n"


def _quoted(value: str | int) -> str:
    return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"
