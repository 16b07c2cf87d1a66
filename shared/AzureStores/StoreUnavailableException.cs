namespace Proofgate.AzureStores;

/// <summary>A store could not be reached or did not answer in time. Whether a write was done is unknown.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
