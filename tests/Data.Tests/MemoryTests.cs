using System.Buffers;
using System.Text.Json;
using Proofgate.Data.Querying;
using Proofgate.Data.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Data.Tests;

/// <summary>An answer of any size is read in the memory of one row.</summary>
public sealed class MemoryTests(ITestOutputHelper output)
{
    /// <summary>A million rows held would be several times this; tests beside this one hold some too.</summary>
    private const long Allowed = 48 * 1024 * 1024;

    [Fact]
    [Trait("Category", "Heavy")]
    public async Task Memory_IsFlat_WhateverTheNumberOfRows()
    {
        var rows = Counts.Of(1_000_000, output);
        using var file = new SqliteFile(
            $"{SqliteFile.People} WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) INSERT INTO people (id, tenant, name, email, notes) SELECT i, 'contoso', 'n' || i, 'p' || i || '@example.com', 'note ' || i FROM n;");
        using var rig = new DataRig(People.Manifest("sqlite", """{ "maxRows": 1000000 }"""), People.Permits + People.AllRows, file.Setting);
        var body = $$"""{"select":["id","name","email","notes"],"limit":{{rows}}}""";
        var query = Assert.IsType<QueryRead.Understood>(QueryParser.Read(System.Text.Encoding.UTF8.GetBytes(body))).Query;
        await using var admitted = await rig.House.AdmitAsync(rig.Call(query));
        await using var answer = await rig.OpenAsync(AdmittedQuery.Of(admitted));
        var written = new ArrayBufferWriter<byte>(4096);
        await using var writer = new Utf8JsonWriter(written);
        var (atFirst, most) = (0L, 0L);
        while (await answer.ReadNextAsync(CancellationToken.None))
        {
            answer.WriteRow(writer);
            writer.Flush();
            writer.Reset();
            written.ResetWrittenCount();
            if (answer.Rows % Math.Max(1, rows / 10) == 0)
            {
                var held = GC.GetTotalMemory(forceFullCollection: true);
                atFirst = atFirst == 0 ? held : atFirst;
                most = Math.Max(most, held);
            }
        }

        Assert.Equal(rows, answer.Rows);
        output.WriteLine($"{(most - atFirst) / 1024} KiB more at the most than at the first look");
        Assert.True(most - atFirst < Allowed, $"{most - atFirst} bytes more than at the first look.");
    }
}
