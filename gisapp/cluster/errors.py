"""Why the private cluster cannot do what it was asked."""

from __future__ import annotations

from gisapp.refusals import Refusal


class ClusterRefusal(Refusal):
    """The private cluster declines; the data are as they were."""

    code = "cluster-refused"


class ProgramsMissing(ClusterRefusal):
    """A program or extension is not installed; ``command`` installs it."""

    code = "cluster-programs-missing"


class VersionMissing(ClusterRefusal):
    """The data were written by a PostgreSQL version that is not installed."""

    code = "cluster-version-missing"


class AccountMissing(ClusterRefusal):
    """Root starts the cluster and there is no ordinary user to run it."""

    code = "cluster-account-missing"


class ClusterOfAnother(ClusterRefusal):
    """The directory belongs to another system user."""

    code = "cluster-of-another"


class SocketFolderUnsafe(ClusterRefusal):
    """The short socket directory exists and is not this user's alone."""

    code = "cluster-socket-unsafe"


class CredentialsLost(ClusterRefusal):
    """There are data but no passwords for them."""

    code = "cluster-credentials-lost"


class FolderForeign(ClusterRefusal):
    """The place for the data holds something that is not a cluster."""

    code = "cluster-folder-foreign"


class FolderUnreachable(ClusterRefusal):
    """The user that runs the server cannot walk to the folder."""

    code = "cluster-folder-unreachable"


class StartFailed(ClusterRefusal):
    """The server did not come up; ``log`` names the file and ``tail`` its last lines."""

    code = "cluster-start-failed"


class StopFailed(ClusterRefusal):
    """The server did not end in time."""

    code = "cluster-stop-failed"


class StillInUse(ClusterRefusal):
    """Processes of a killed server have not ended yet."""

    code = "cluster-still-in-use"


class NotRunning(ClusterRefusal):
    """The cluster is asked for something only a running server can do."""

    code = "cluster-not-running"


class ServerIsConfigured(ClusterRefusal):
    """``GISAPP_DATABASE_URL`` names a server: the private cluster is not used."""

    code = "cluster-not-used"


class NotPrepared(ClusterRefusal):
    """The database lacks what its administrator prepares once."""

    code = "database-not-prepared"


class BackupRefused(ClusterRefusal):
    """The backup was not written; nothing was left behind."""

    code = "backup-failed"


class FileExists(ClusterRefusal):
    """A backup never overwrites."""

    code = "backup-file-exists"


class NotABackup(ClusterRefusal):
    """The file is not a custom-format dump of this application."""

    code = "backup-not-a-dump"


class BackupFromNewer(ClusterRefusal):
    """The dump was made by a version of the application that this one does not know."""

    code = "backup-from-newer"


class TargetNotEmpty(ClusterRefusal):
    """A restore never writes over data."""

    code = "restore-target-not-empty"


class RestoreFailed(ClusterRefusal):
    """The restore was rolled back; the target is as empty as before."""

    code = "restore-failed"
