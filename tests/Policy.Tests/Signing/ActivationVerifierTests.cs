using System.Security.Cryptography;
using Proofgate.Policy.Signing;
using Proofgate.Tests.Support;

namespace Proofgate.Policy.Tests.Signing;

public sealed class ActivationVerifierTests
{
    private static readonly string A = new('a', 64);
    private static readonly string B = new('b', 64);

    [Fact]
    public async Task Record_IsTaken_WhenBothSignaturesHold()
    {
        using var house = new PolicyHouse();
        var verified = Assert.IsType<ActivationVerdict.Verified>(house.Verifier.Verify(await house.PutAsync(7, PolicyHouse.Permit, A))).Activation;
        Assert.Equal((7, A, false, "alice", "manage"), (verified.Sequence, verified.Previous, verified.RollsBack, verified.Author, verified.By));
    }

    /// <summary>Each byte of both statements: changed, the record is refused.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EachByteOfTheStatements_IsNeeded(bool ofTheBundle)
    {
        using var house = new PolicyHouse();
        var good = await house.PutAsync(7, PolicyHouse.Permit, null);
        var length = (ofTheBundle ? good.Bundle : good.Activation).Length;
        for (var at = 0; at < length; at++)
        {
            foreach (var change in new byte[] { 1, 0x20, 0x80 })
            {
                var changed = (ofTheBundle ? good.Bundle : good.Activation).ToArray();
                changed[at] ^= change;
                var verdict = house.Verifier.Verify(ofTheBundle ? good with { Bundle = changed } : good with { Activation = changed });
                Assert.True(verdict is ActivationVerdict.Refused, $"byte {at} ^ {change}");
            }
        }

        Assert.IsType<ActivationVerdict.Refused>(house.Verifier.Verify(good with { Sequence = 8 }));
        Assert.IsType<ActivationVerdict.Refused>(house.Verifier.Verify(good with { Bundle = good.Activation }));
        Assert.IsType<ActivationVerdict.Refused>(house.Verifier.Verify(good with { Activation = good.Bundle }));
        Assert.IsType<ActivationVerdict.Refused>(house.Verifier.Verify(new StoredActivation(7, default, default)));
    }

    [Fact]
    public async Task Signature_OfAnotherKeyUnderTheSameName_IsRefused()
    {
        using var house = new PolicyHouse();
        Assert.Contains("signature", Problem(house, await house.PutAsync(1, PolicyHouse.Permit, null, author: house.Mallory)), StringComparison.Ordinal);
        Assert.Contains("signature", Problem(house, await house.PutAsync(1, PolicyHouse.Permit, null, by: house.Mallory)), StringComparison.Ordinal);
        using var unknown = PolicySigningKey.Create("eve");
        Assert.Contains("'eve'", Problem(house, await house.PutAsync(1, PolicyHouse.Permit, null, author: unknown)), StringComparison.Ordinal);
        Assert.Contains("'eve'", Problem(house, await house.PutAsync(1, PolicyHouse.Permit, null, by: unknown)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_WritesNoPolicy()
    {
        using var house = new PolicyHouse();
        Assert.Contains("'manage'", Problem(house, await house.PutAsync(1, PolicyHouse.Permit, null, author: house.Host)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approval_IsAnotherPersons_WhereItIsRequired()
    {
        using var house = new PolicyHouse(static o => o.RequireApproval = true);
        Assert.IsType<ActivationVerdict.Verified>(house.Verifier.Verify(await house.PutAsync(1, PolicyHouse.Permit, null, by: house.Bob)));
        Assert.Contains("another person", Problem(house, await house.PutAsync(1, PolicyHouse.Permit, null, by: house.Alice)), StringComparison.Ordinal);
        Assert.Contains("approval is required", Problem(house, await house.PutAsync(1, PolicyHouse.Permit, null, by: house.Host)), StringComparison.Ordinal);

        using var lenient = new PolicyHouse();
        Assert.IsType<ActivationVerdict.Verified>(lenient.Verifier.Verify(await lenient.PutAsync(1, PolicyHouse.Permit, null, by: lenient.Alice)));
    }

    [Fact]
    public async Task Author_DecidesWhichBundleItFollows_AndARollbackNeedNot()
    {
        using var house = new PolicyHouse();
        var bundle = await PolicyHouse.SignAsync(house.Alice, PolicyHouse.Permit, A);
        Assert.Contains("another bundle than the one", Problem(house, await RecordAsync(ActivationStatement.Activate, B, bundle.Digest)), StringComparison.Ordinal);
        Assert.Contains("another bundle than the author", Problem(house, await RecordAsync(ActivationStatement.Activate, A, B)), StringComparison.Ordinal);
        Assert.True(Assert.IsType<ActivationVerdict.Verified>(house.Verifier.Verify(await RecordAsync(ActivationStatement.RollBack, B, bundle.Digest))).Activation.RollsBack);
        Assert.IsType<ActivationVerdict.Refused>(house.Verifier.Verify(await RecordAsync("delete", A, bundle.Digest)));

        async Task<StoredActivation> RecordAsync(string act, string previous, string digest) =>
            new(3, bundle.Statement.Encode(), await PolicyHouse.ApproveAsync(house.Host, 3, digest, previous, act));
    }

    [Theory]
    [InlineData("Alice")]
    [InlineData("a b")]
    [InlineData("")]
    public void Key_HasAPlainName(string name) => Assert.Throws<ArgumentException>(() => PolicySigningKey.Create(name));

    [Fact]
    public void KeyFile_ComesBack_AndNothingElseIsOne()
    {
        using var key = PolicySigningKey.Create("alice");
        Assert.True(PolicySigningKey.TryParse(key.Reveal(), out var read));
        using (read)
        {
            Assert.Equal((key.Key, key.PublicKey.Fingerprint), (read.Key, read.PublicKey.Fingerprint));
        }

        Assert.DoesNotContain("PRIVATE", key.ToString(), StringComparison.Ordinal);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var text in new[]
        {
            "", "proofgate-policy-key: alice", "proofgate-policy-key: alice\n", key.Reveal()[1..], key.Reveal().Replace("alice", "Alice", StringComparison.Ordinal),
            $"proofgate-policy-key: alice\n{other.ExportPkcs8PrivateKeyPem()}\n", $"proofgate-policy-key: alice\n{rsa.ExportPkcs8PrivateKeyPem()}\n",
            $"proofgate-policy-key: alice\n{ec.ExportSubjectPublicKeyInfoPem()}\n", new string('x', PolicySigningKey.MaxLength + 1),
        })
        {
            Assert.False(PolicySigningKey.TryParse(text, out _), text);
        }
    }

    private static string Problem(PolicyHouse house, StoredActivation record) => Assert.IsType<ActivationVerdict.Refused>(house.Verifier.Verify(record)).Problem;
}
