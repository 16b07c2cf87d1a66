namespace Proofgate.Local.Setup;

/// <summary>Ports on 127.0.0.1; 0 asks for a free one.</summary>
internal readonly record struct AzuritePorts(int Blob, int Queue, int Table);
