using System.Runtime.Versioning;

// Who may read a key file is checked by its Unix mode.
[assembly: UnsupportedOSPlatform("windows")]
