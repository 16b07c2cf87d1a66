namespace Proofgate.Cedar.Tests.Support;

/// <summary>Runs what hostile input might drive into the ground where there is less ground than usual.</summary>
internal static class Threads
{
    /// <summary>A sixth of the usual stack.</summary>
    public const int Small = 256 * 1024;

    /// <summary>What Windows gives a main thread.</summary>
    public const int Windows = 1024 * 1024;

    /// <summary>Enough for whatever the limits allow.</summary>
    public const int Large = 16 * 1024 * 1024;

    public static T OnStack<T>(int size, Func<T> run)
    {
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = run();
                }
                catch (Exception exception) when (exception is not OutOfMemoryException)
                {
                    failure = exception;
                }
            },
            size);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
        return result!;
    }
}
