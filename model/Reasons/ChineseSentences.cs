using System.Collections.Frozen;

namespace OrleansRec.Model.Reasons;

/// <summary>The sentences in Chinese (simplified).</summary>
internal static class ChineseSentences
{
    public static readonly FrozenDictionary<string, string> Templates = new Dictionary<string, string>
    {
        ["purchase"] = "因为您购买过“{0}”。",
        ["cart"] = "因为您将“{0}”加入过购物车。",
        ["like"] = "因为您喜欢“{0}”。",
        ["rating"] = "因为您给“{0}”打过分。",
        ["review"] = "因为您评价过“{0}”。",
        ["view"] = "因为您浏览过“{0}”。",
        ["click"] = "因为您点击过“{0}”。",
        [Sentences.Event] = "因为您对“{0}”感兴趣。",
        [Sentences.Basket] = "因为您的购物车里有“{0}”。",
        [Sentences.Page] = "因为您正在浏览“{0}”。",
        ["item-item"] = "选择“{0}”的顾客也选择了它。",
        ["bought-together"] = "经常与“{0}”一起购买。",
        ["content"] = "与“{0}”相似。",
        ["buy-again"] = "您以前购买过它。",
        ["recently-viewed"] = "您最近浏览过它。",
        ["popular"] = "受其他顾客欢迎。",
        ["trending"] = "近期热门。",
        ["new"] = "本店新品。",
        ["context"] = "与您正在浏览的商品相配。",
        ["first-event"] = "与您之前选择的商品相似。",
        ["segment"] = "受与您相似的顾客欢迎。",
        ["any"] = "来自本店商品。",
        ["rule"] = "本店推荐。",
        ["none"] = "来自所请求的候选商品。",
        [Sentences.Personal] = "符合您的喜好。",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
