using Microsoft.CodeAnalysis.CSharp.Syntax;
using Proofgate.Conventions.Tree;

namespace Proofgate.Conventions.Code;

public sealed class CodeTests
{
    private const int MaxLines = 500;

    private static readonly string[] Shipped = ["shared", "functions", "infra"];

    [Fact]
    public void Clocks_AreTimeProviders() => Verdict.None(Clock.BareClocks(Repository.CSharp));

    [Fact]
    public void Threads_DoNotSleep() => Verdict.None(Clock.Sleeps(Repository.CSharp));

    [Fact]
    public void Delays_HaveTheirClock_InWhatRuns() => Verdict.None(Clock.DelaysWithoutClock(Repository.In("shared", "functions")));

    [Fact]
    public void Delays_HaveTheirReason_InTests() => Verdict.None(Clock.DelaysWithoutReason(Repository.In("tests")));

    [Fact]
    public void Json_IsNeverReflected() => Verdict.None(Json.Reflected(Repository.In("shared", "functions")));

    [Fact]
    public void EventIds_AreUnique() => Verdict.None(Logging.RepeatedEventIds(Repository.In(Shipped)));

    [Fact]
    public void LogMessages_StandInOneFileARoom() => Verdict.None(Logging.MessagesElsewhere(Repository.In(Shipped)));

    [Fact]
    public void LogMessages_HaveNoParameterForContent() => Verdict.None(Logging.ParametersNamedLikeContent(Repository.In(Shipped)));

    [Fact]
    public void LogMessages_AreGenerated() => Verdict.None(Logging.MessagesThatAreNotGenerated(Repository.In("shared", "functions")));

    [Fact]
    public void Rooms_DoNotWriteToTheConsole() => Verdict.None(ConsoleUses(Repository.In("shared")));

    [Fact]
    public void Files_KeepWithinTheirLength() => Verdict.None(LongFiles(Repository.Texts));

    [Fact]
    public void Clock_IsFound_WhenItIsBare()
    {
        var file = CSharpFile.Parse("shared/Audit/A.cs", """
            var a = DateTime.UtcNow;
            var b = System.DateTimeOffset.Now;
            var c = time.GetUtcNow();
            Thread.Sleep(1);
            await Task.Delay(5, cancellationToken);
            await Task.Delay(5, _time, cancellationToken);
            // The clock of the other process cannot be moved.
            await Task.Delay(5);
            await Task.Delay(Timeout.Infinite, cancellationToken);
            await Task.WhenAny(done, Task.Delay(patience));
            """);
        Verdict.At(Clock.BareClocks([file]), 1, 2);
        Verdict.At(Clock.Sleeps([file]), 4);
        Verdict.At(Clock.DelaysWithoutClock([file]), 5, 8, 9, 10);
        Verdict.At(Clock.DelaysWithoutReason([file]), 5);
    }

    [Fact]
    public void Json_IsFound_WhenItIsReflected()
    {
        var file = CSharpFile.Parse("shared/Audit/A.cs", """
            class A
            {
                void Generic<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);
                void Options(object value, JsonSerializerOptions type) => JsonSerializer.Serialize(value, type);
                void Plain(object value) => System.Text.Json.JsonSerializer.Serialize(value);
                void Default(object value) => JsonSerializer.Serialize(value, AJson.Default.A);
                Task Written(HttpResponse response) => response.WriteAsJsonAsync(new A());
                Task<A> Read(HttpContent content) => content.ReadFromJsonAsync<A>();
            }
            """);
        Verdict.At(Json.Reflected([file]), 4, 5, 7, 8);
    }

    [Fact]
    public void Logging_IsFound_WhenItBreaksARule()
    {
        var first = CSharpFile.Parse("shared/Audit/Log.cs", """
            static partial class Log
            {
                [LoggerMessage(1, LogLevel.Warning, "{ApiKey}")]
                static partial void One(ILogger log, string apiKey, string keyId);
                [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Prompt}")]
                static partial void Two(ILogger log, string prompt, int tokens);
            }
            """);
        var second = CSharpFile.Parse("shared/Audit/Ledger/Other.cs", """
            static partial class Other
            {
                [LoggerMessage(1, LogLevel.Warning, "")]
                static partial void One(ILogger log);
                static void Three(ILogger log) => log.LogInformation("direct");
            }
            """);
        Verdict.At(Logging.RepeatedEventIds([first, second]), 3, 3);
        Verdict.At(Logging.MessagesElsewhere([first, second]), 3);
        Verdict.At(Logging.ParametersNamedLikeContent([first, second]), 4, 6);
        Verdict.At(Logging.MessagesThatAreNotGenerated([first, second]), 5);
    }

    [Fact]
    public void ConsoleAndLength_AreFound_WhenTheyBreakTheRule()
    {
        Verdict.At(ConsoleUses([CSharpFile.Parse("shared/A/A.cs", "Console.WriteLine();\nSystem.Console.Error.Write(1);\nthis.Console.Write(1);")]), 1, 2);
        Verdict.At(LongFiles([new TextFile("a.cs", new string('\n', MaxLines)), new TextFile("b.cs", new string('\n', MaxLines - 1))]), MaxLines + 1);
    }

    private static IEnumerable<Offence> ConsoleUses(IEnumerable<CSharpFile> files) =>
        from file in files
        from access in file.All<MemberAccessExpressionSyntax>()
        where access.Expression.ToString() is "Console" or "System.Console"
        select file.At(access, $"{access}: a room has no console");

    private static IEnumerable<Offence> LongFiles(IEnumerable<TextFile> files) =>
        from file in files
        where file.Path.EndsWith(".cs", StringComparison.Ordinal)
        let lines = file.Text.Split('\n').Length
        where lines > MaxLines
        select new Offence(file.Path, lines, $"more than {MaxLines} lines");
}
