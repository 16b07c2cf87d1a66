namespace Proofgate.Cedar.Tests.Support;

/// <summary>Runs on a thread with little stack.</summary>
internal static class Threads
{
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
