namespace Proofgate.EventHubs;

/// <summary>A namespace reached by identity. The names are those of the Functions host.</summary>
public sealed class HubConnection
{
    /// <summary>For example <c>name.servicebus.windows.net</c>.</summary>
    public string? FullyQualifiedNamespace { get; set; }

    /// <summary><c>managedidentity</c> with <see cref="ClientId"/>. Read by the Functions host alone.</summary>
    public string? Credential { get; set; }

    /// <summary>Client id of the user-assigned identity; without it the developer's sign-in or the system-assigned identity is used.</summary>
    public string? ClientId { get; set; }
}
